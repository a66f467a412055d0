# One door: everything that is done with this repository is a target here.
# A fresh machine needs Python 3.11 or newer, git and make; nothing else.

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
CODE := hub connectors schema deploy tests
# Arguments for a target, e.g.  make demo ARGS="--size 1000"
ARGS ?=
# Test processes side by side; most of a test's time is waiting for processes.
JOBS ?= 3
# Another Python than the one found, e.g.  make demo PYTHON=/opt/python3.12/bin/python3
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

.PHONY: help demo explorer test rehearse check format lint types imports fix bench chaos lock clean

help: ## Show the targets 列出所有目标
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## Start six provinces and the hub; Ctrl-C stops all 启动演示（ARGS="--once" 自检后退出）
	@exec $(PY) -m deploy.demo $(ARGS)

explorer: $(VENV)/.python ## Bundle the page that /explorer serves 生成浏览器查询页面
	@$(PY) -m deploy.explorer --has-node || $(PIP) install --quiet --require-hashes --no-deps -r requirements-explorer.txt || $(INSTALL_FAILED)
	@$(PY) -m deploy.explorer

test: $(VENV)/.dev ## Run the tests, with real PostgreSQL and HTTP 运行测试
	@$(PY) -m pytest -n $(JOBS) --dist loadscope -m "not rehearsal" $(ARGS)

rehearse: $(VENV)/.dev ## Play whole runs: demo, bench, chaos, kills 预演整套运行
	@$(PY) -m pytest -n $(JOBS) --dist loadscope -m rehearsal $(ARGS)

check: format lint types imports test rehearse ## What must be green before a merge 合并前必须全部通过

format: $(VENV)/.dev ## Is the code formatted? 检查格式
	@$(PY) -m ruff format --check $(CODE)

lint: $(VENV)/.dev ## Does the linter agree? 静态检查
	@$(PY) -m ruff check $(CODE)

types: $(VENV)/.dev ## Do the types agree? 类型检查
	@$(PY) -m mypy

imports: $(VENV)/.dev ## Does every import keep to its floor? 检查分层
	@$(VENV)/bin/lint-imports

fix: $(VENV)/.dev ## Format, and mend what the linter can 自动修正格式
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)

bench: $(VENV)/.dev ## Measure look-ups; transfers: ARGS=transfers 性能测量（接转：ARGS=transfers）
	@$(PY) -m tests.bench $(ARGS)

UV_LOCK = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make lock"

chaos: $(VENV)/.dev ## Move 2,000 members, follow cases, while all is killed 破坏测试（ARGS="--seed 7 --size 500"）
	@$(PY) -m tests.chaos $(ARGS)

lock: $(VENV)/.python ## Resolve the requirements anew 重新锁定依赖版本
	@$(PIP) install --quiet uv
	@$(UV_LOCK) $(ARGS) -o requirements.txt
	@$(UV_LOCK) $(ARGS) --extra demo -o requirements-demo.txt
	@$(UV_LOCK) $(ARGS) --extra demo --extra dev -o requirements-dev.txt
	@$(subst pyproject.toml ,,$(UV_LOCK)) $(ARGS) --group explorer -o requirements-explorer.txt

clean: ## Delete all that make made, the demo's data too 清除所有生成物和演示数据
	@if [ -d .demo ] && [ -f $(VENV)/.demo ]; then $(PY) -m deploy.demo forget; fi
	@rm -rf $(VENV) .bench .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache build dist
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp per set of requirements: installed again only when the set changes.

$(VENV)/.python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "没有找到 Python 3.11 或更新的版本。请先安装 Python 3.11，或指定：make demo PYTHON=/路径/python3.11" >&2; \
		echo "Python 3.11 or newer was not found. Install Python 3.11, or name one: make demo PYTHON=/path/to/python3.11" >&2; \
		exit 1; fi
	@echo "正在创建虚拟环境 $(VENV) …  Making the virtual environment $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "无法创建虚拟环境：这个 Python 缺少 venv 模块（Debian/Ubuntu 请安装 python3-venv），或者目录不可写。" >&2; \
		echo "The virtual environment could not be made: this Python lacks venv (Debian/Ubuntu: install python3-venv), or the directory is not writable." >&2; \
		exit 1; }
	@touch $@

INSTALL_FAILED = { \
	echo "依赖没有装好。请检查网络、磁盘空间或 pip 的镜像设置，然后重试同一命令。" >&2; \
	echo "The requirements were not installed. Check the network, the disk and pip's index settings, then run the same command again." >&2; \
	exit 1; }

$(VENV)/.demo: requirements-demo.txt $(VENV)/.python
	@echo "正在安装锁定的依赖（首次约一分钟）…  Installing the locked requirements (about a minute the first time) …"
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements-demo.txt || $(INSTALL_FAILED)
	@touch $@

# The set for developers contains the demo's.
$(VENV)/.dev: requirements-dev.txt $(VENV)/.python
	@echo "正在安装锁定的依赖（首次约一分钟）…  Installing the locked requirements (about a minute the first time) …"
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements-dev.txt || $(INSTALL_FAILED)
	@touch $@ $(VENV)/.demo
